import { type Static, Type } from 'typebox';
import { annotated, exactly, oneOf, pageOf, pageQuery } from '../../platform/schemas/common-schemas.ts';
import { ConfigContent, ConfigId, ConfigurationVersion, Version } from './config-schemas.ts';

/** A version in a list: its snapshot, which may be large, only where it is asked for. */
export const ListedVersion = exactly(
  { ...ConfigurationVersion.properties, snapshot: Type.Optional(ConfigContent) },
  {
    title: 'Listed Configuration Version',
    description: 'A version of a configuration; its snapshot with `include=snapshot`.',
  },
);
export type ListedVersion = Static<typeof ListedVersion>;

export const VersionPath = exactly({ configuration_id: ConfigId, version: Version });
export const VersionListQuery = exactly({
  include: Type.Optional(
    oneOf(['snapshot'], { description: 'What else to list of each version: what the configuration said.' }),
  ),
  ...pageQuery,
});
export type VersionListQuery = Static<typeof VersionListQuery>;
export const VersionPage = pageOf(ListedVersion, 'Configuration Version Page');

export const ConfigurationRollback = exactly(
  { to: annotated(Version, { description: 'The version whose content is to be current again.' }) },
  { title: 'Configuration Rollback', description: 'What a configuration is to say again.' },
);

const PatchStep = exactly(
  {
    op: oneOf(['add', 'remove', 'replace'], { title: 'Patch Operation', description: 'What is done.' }),
    path: Type.String({ description: 'Where: a JSON pointer.', examples: ['/config/limits/tokens'] }),
    value: Type.Optional(
      Type.Unknown({ description: 'What is there then; secrets in it are masked.', examples: [8000] }),
    ),
  },
  { title: 'Patch Step', description: 'A step of a JSON Patch (RFC 6902).' },
);

export const DiffQuery = exactly({
  from: Type.Optional(
    annotated(Version, { description: 'The version to begin with; the one before `to` by default.' }),
  ),
  to: Type.Optional(
    annotated(Version, { description: 'The version to come to; the current one by default.' }),
  ),
});
export type DiffQuery = Static<typeof DiffQuery>;
export const ConfigurationDiff = exactly(
  {
    config_id: ConfigId,
    from: annotated(Version, { description: 'The version that it begins with.' }),
    to: annotated(Version, { description: 'The version that it comes to.' }),
    patch: Type.Array(PatchStep, { description: 'What changed, as a JSON Patch (RFC 6902).' }),
  },
  { title: 'Configuration Difference', description: 'What changed between two versions of a configuration.' },
);
export type ConfigurationDiff = Static<typeof ConfigurationDiff>;
