import { ToolFault } from './tool.ts';

interface Prompt {
  readonly title: string;
  readonly description: string;
  text(incidentId: string): string;
}

const prompts: Readonly<Record<string, Prompt>> = {
  triage: {
    title: 'Triage an incident',
    description: 'Find out how bad an incident is, and what is to be done first.',
    text: (id) =>
      `Triage the incident ${id}.\n1. read_incident, its timeline included.\n2. find_incidents with the words that matter, also resolved ones: what was it then, and what helped?\n3. Say how bad it is, whom it hurts, and what you do not know. Set the priority by update_incident with the version that you read, if another one is right.\n4. comment_on_incident with what you found, what you rule out, and the next step, in a few lines.\nChange nothing else.`,
  },
  'post-mortem': {
    title: 'Draft a post-mortem',
    description: 'Draft a blameless post-mortem from the timeline of an incident.',
    text: (id) =>
      `Draft a blameless post-mortem of the incident ${id}.\n1. read_incident, page by page until the timeline ends.\n2. Write: summary; impact with times in UTC; timeline of what was seen and done; causes, each with what shows it; what went well; what to change, each with somebody who can do it.\nTell what the timeline says from what you conclude. Leave a gap where it says nothing.`,
  },
};

const argument = { name: 'incident_id', description: 'The id of the incident.', required: true };

export const listPrompts = () =>
  Object.entries(prompts).map(([name, { title, description }]) => ({
    name,
    title,
    description,
    arguments: [argument],
  }));

/** Throws ToolFault where there is none, or not what it takes. */
export function findPrompt(name: string, given: Readonly<Record<string, string>> | undefined) {
  const prompt = Object.hasOwn(prompts, name) ? prompts[name] : undefined;
  const id = given?.[argument.name];
  if (prompt === undefined) {
    throw new ToolFault(404, `There is no prompt ${name}. There are: ${Object.keys(prompts).join(', ')}.`);
  }
  if (id === undefined || !/^[0-9a-f-]{36}$/i.test(id)) {
    throw new ToolFault(422, `${name} takes incident_id, the id of an incident.`);
  }
  return {
    description: prompt.description,
    messages: [{ role: 'user' as const, content: { type: 'text' as const, text: prompt.text(id) } }],
  };
}
