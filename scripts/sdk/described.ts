/** What is read of the service's OpenAPI document here. */
export interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>;
    readonly parameters: Readonly<Record<string, DescribedParameter>>;
    readonly examples: Readonly<Record<string, unknown>>;
  };
}

interface DescribedOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly (DescribedParameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

export interface DescribedParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: unknown;
}

type Content = Readonly<Record<string, { readonly schema: unknown }>>;

/** One operation that the client has. */
export interface PlacedOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly DescribedParameter[];
  readonly body: Typed | undefined;
  /** Of success. */
  readonly reply: Typed | undefined;
}

interface Typed {
  readonly mediaType: string;
  readonly schema: unknown;
}

/** @NOTE directories, load balancers, Prometheus and operators come with clients of their own. */
const othersTags = new Set(['SCIM', 'Service']);

/** What has another name by now: the paths of v1 for the first provider of single sign-on. */
const former = new Set(['oktaLogin', 'oktaCallback', 'oidcLogin', 'oidcCallback']);

/** The operations that the client has, in the order of the document. */
export const operationsOf = ({ paths, components }: Described): readonly PlacedOperation[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(
        ([, { tags, operationId }]) => !tags.some((tag) => othersTags.has(tag)) && !former.has(operationId),
      )
      .map(([method, { operationId, parameters = [], requestBody, responses }]) => ({
        id: operationId,
        method: method.toUpperCase(),
        path,
        parameters: parameters.map((parameter) =>
          '$ref' in parameter ? found(components.parameters, parameter.$ref) : parameter,
        ),
        body: firstOf(requestBody?.content),
        reply: firstOf(Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1].content),
      })),
  );

function found<T>(components: Readonly<Record<string, T>>, reference: string): T {
  const component = components[reference.slice(reference.lastIndexOf('/') + 1)];
  if (component === undefined) {
    throw new Error(`the document has no ${reference}`);
  }
  return component;
}

const firstOf = (content: Content | undefined): Typed | undefined =>
  Object.entries(content ?? {}).map(([mediaType, { schema }]) => ({ mediaType, schema }))[0];
