import { expect, test } from 'vitest';
import { type PolicySays, readPolicy } from '../../../../src/collectors/database/buckets/policy.ts';

const nobody: PolicySays = { everybody: [], writers: [], deniesClear: false };
const denying = {
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: ['arn:aws:s3:::tax', 'arn:aws:s3:::tax/*'],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const allowing = (more: object) => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: '*',
  ...more,
});

test.each<[string, object, Partial<PolicySays>]>([
  ['clear text is denied', denying, { deniesClear: true }],
  [
    'denied in OSS',
    {
      ...denying,
      Action: ['oss:*'],
      Resource: 'acs:oss:*:1:tax/*',
      Condition: { Bool: { 'acs:SecureTransport': ['false'] } },
    },
    { deniesClear: true },
  ],
  ['denied to some only', { ...denying, Principal: { AWS: 'arn:aws:iam:::user/a' } }, {}],
  ['denied for reading only', { ...denying, Action: 's3:GetObject' }, {}],
  ['denied for one folder', { ...denying, Resource: 'arn:aws:s3:::tax/a/*' }, {}],
  [
    'denied from one network only',
    { ...denying, Condition: { ...denying.Condition, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
    {},
  ],
  ['denied where it is TLS', { ...denying, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, {}],
  ['denied to whom is not in a list', { ...denying, NotPrincipal: { AWS: 'a' } }, {}],
  ['anybody may read', allowing({}), { everybody: ['read'] }],
  [
    'anybody may do all',
    allowing({ Principal: { AWS: ['*'] }, Action: 's3:*' }),
    { everybody: ['read', 'write'], writers: ['*'] },
  ],
  [
    'anybody from one network may delete',
    allowing({ Action: ['s3:DeleteObject'], Condition: { IpAddress: {} } }),
    { writers: ['* (conditional)'] },
  ],
  [
    'an account may write',
    allowing({ Principal: { AWS: 'arn:aws:iam:::user/app' }, Action: ['s3:PutObject', 's3:ListBucket'] }),
    { writers: ['arn:aws:iam:::user/app'] },
  ],
  [
    'anybody in COS may read',
    {
      effect: 'allow',
      principal: { qcs: ['qcs::cam::anyone:anyone'] },
      action: ['name/cos:GetObject'],
      resource: ['*'],
    },
    { everybody: ['read'] },
  ],
  [
    'an account may read',
    allowing({ Principal: { AWS: 'arn:aws:iam:::user/app' }, Action: ['s3:Get*', 'name/cos:HeadObject'] }),
    {},
  ],
])('%s', (_, statement, expected) => {
  expect(readPolicy(JSON.stringify({ Statement: [statement] }))).toEqual({ ...nobody, ...expected });
  expect(readPolicy(JSON.stringify({ Statement: statement }))).toEqual({ ...nobody, ...expected });
});

test.each<[string, string]>([
  [
    'turned around',
    JSON.stringify({ Statement: { ...allowing({}), Principal: undefined, NotPrincipal: { AWS: 'a' } } }),
  ],
  ['all but some actions', JSON.stringify({ Statement: { ...allowing({}), Action: undefined, NotAction: 's3:Get*' } })],
  ['no JSON', '<Policy/>'],
  ['of another form', '{"Statement":[{"Effect":"Maybe"}]}'],
])('a policy that is %s is not read', (_, text) => {
  expect(() => readPolicy(text)).toThrow(expect.objectContaining({ reason: 'unparsable' }));
});
