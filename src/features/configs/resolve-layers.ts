import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AgentConfig } from '../agent-configs/index.ts';
import { type Alert, whyNot } from './alert-match.ts';
import { hashOf } from './canonical-json.ts';
import type { EffectiveConfiguration } from './effective-schemas.ts';
import type { KeptLayer } from './layer-cache.ts';
import { type Layer, mergeLayers } from './merge-layers.ts';
import type { Patterns } from './patterns.ts';

/** For how long other requests wait while layers are judged; patterns that no instance has compiled yet take long. */
const sliceMs = 5;

/** What an effective configuration is asked for. */
export interface Asked {
  readonly teamId: string | undefined;
  /** The slug of the team. */
  readonly team: string | undefined;
  /** As it is to be shown. */
  readonly agent: Pick<AgentConfig, 'id' | 'version' | 'config'> | undefined;
  readonly alert: Alert | undefined;
  readonly areSecretsShown: boolean;
}

type Judgement = 'holds' | 'is of another team' | { readonly why: string };

function judge({ layer, team_id, state, match }: KeptLayer, asked: Asked, patterns: Patterns): Judgement {
  if (layer === 'team' && team_id !== asked.teamId) {
    return 'is of another team';
  }
  if (state === 'draft') {
    return { why: 'it is a draft: publish it' };
  }
  if (layer !== 'alert') {
    return 'holds';
  }
  if (asked.alert === undefined) {
    return { why: 'it is for alerts, and there is none' };
  }
  const why = whyNot(match ?? {}, asked.alert, asked.team, patterns);
  return why === undefined ? 'holds' : { why };
}

/**
 * The effective configuration of layers, which come in their order, and why it is so. What is another team's is not told of. @NOTE the hash is of what
 * is shown: one of what is not would let a secret be guessed.
 */
export async function resolveLayers(
  kept: readonly KeptLayer[],
  asked: Asked,
  patterns: Patterns,
): Promise<EffectiveConfiguration> {
  const stack: Layer[] = [];
  const skipped: EffectiveConfiguration['skipped'] = [];
  const deprecated: string[] = [];
  let since = performance.now();
  for (const layer of kept) {
    if (performance.now() - since > sliceMs) {
      await nextTurn();
      since = performance.now();
    }
    const judgement = judge(layer, asked, patterns);
    if (judgement === 'holds') {
      const source = { layer: layer.layer, config_id: layer.id, version: layer.version };
      stack.push({ source, patch: asked.areSecretsShown ? layer.config : layer.shown });
      if (layer.state === 'deprecated') {
        deprecated.push(layer.id);
      }
    } else if (judgement !== 'is of another team') {
      skipped.push({ config_id: layer.id, why: judgement.why });
    }
  }
  if (asked.agent !== undefined) {
    const { id, version, config } = asked.agent;
    stack.push({ source: { layer: 'agent', config_id: id, version }, patch: config });
  }
  const { effective, explain } = mergeLayers(stack);
  return {
    effective,
    hash: hashOf(effective),
    explain: explain as EffectiveConfiguration['explain'],
    skipped,
    deprecated,
  };
}
