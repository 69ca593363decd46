import { expect, test } from 'vitest';
import { encoded, signedBy } from '../../../src/collectors/transports/signature.ts';

const key = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const request = {
  method: 'GET',
  host: 'examplebucket.s3.amazonaws.com',
  path: '/',
  region: 'us-east-1',
  at: new Date('2013-05-24T00:00:00Z'),
} as const;

// The examples of “Authenticating Requests: Using the Authorization Header”, Amazon S3 API Reference.
test.each<[string, Record<string, string>, string]>([
  ['GET bucket lifecycle', { lifecycle: '' }, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  [
    'list objects',
    { prefix: 'J', 'max-keys': '2' },
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  ],
])('%s is signed as the reference has it', (_, query, signature) => {
  expect(signedBy(key, { ...request, query })).toMatchObject({
    'x-amz-date': '20130524T000000Z',
    authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=${signature}`,
  });
});

test('a session token is signed, and nothing holds the secret', () => {
  const headers = signedBy({ ...key, token: 'tok' }, { ...request, query: {} });
  expect(headers.authorization).toContain('SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token');
  expect(headers['x-amz-security-token']).toBe('tok');
  expect(JSON.stringify(headers)).not.toContain(key.secret);
});

test('all but the unreserved characters are percent-encoded', () => {
  expect(encoded("a-._~ /!'()*&+=票")).toBe('a-._~%20%2F%21%27%28%29%2A%26%2B%3D%E7%A5%A8');
});
