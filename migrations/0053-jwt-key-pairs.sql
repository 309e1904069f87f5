-- Key pairs (EdDSA, RS256) have the thumbprint of their public key for an id (RFC 7638): 43 characters of base64url.
alter table jwt_keys drop constraint jwt_keys_kid_check,
  add constraint jwt_keys_kid_check check (kid ~ '^([0-9a-f]{16}|[0-9A-Za-z_-]{43})$');
