export { CertificateFolder } from './certificate-folder.ts';
export { type Generated, generateCertificates } from './generate.ts';
export { reloadServer } from './reload-server.ts';
export { rollBack } from './roll-back.ts';
export { addAuthority, dropOldAuthorities } from './rotate-authority.ts';
export { factsIn, type Rotation, rotateLeaf } from './rotate-leaf.ts';
export { type CertificateStatus, certificateStatus } from './status.ts';
export { tryLogin, usesFolder } from './try-out.ts';
