import { createHash, createHmac } from 'node:crypto';

/** Whose request it is. */
export type AccessKey = { readonly id: string; readonly secret: string; readonly token?: string };

/** A request without a body, as it is signed. */
export type Unsigned = {
  readonly method: 'GET' | 'HEAD';
  /** As it is sent in the Host header. */
  readonly host: string;
  /** Encoded by {@link encoded}, `/` between its parts. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly region: string;
  readonly at: Date;
};

/** Percent-encodes all but the unreserved characters of RFC 3986. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

// SHA-256 of no bytes.
const noBody = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The headers that sign a request by AWS Signature Version 4 for S3, which stores of other makers read as well. */
export function signedBy(key: AccessKey, { method, host, path, query, region, at }: Unsigned): Record<string, string> {
  const time = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const headers = {
    host,
    'x-amz-content-sha256': noBody,
    'x-amz-date': time,
    ...(key.token === undefined ? {} : { 'x-amz-security-token': key.token }),
  };
  const names = Object.keys(headers).join(';');
  const asked = Object.entries(query)
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value.trim()}\n`);
  const canonical = [method, path, asked, lines.join(''), names, noBody].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const digest = createHash('sha256').update(canonical).digest('hex');
  const signing = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(keyed, `AWS4${key.secret}`);
  const signature = keyed(signing, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${digest}`).toString('hex');
  const { host: _, ...sent } = headers;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${key.id}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

function keyed(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
