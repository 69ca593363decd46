import { expect, test } from 'vitest';
import { lifecycle, rulesOf } from '../../../../src/collectors/database/buckets/lifecycle.ts';
import { readXml } from '../../../../src/collectors/database/buckets/xml.ts';
import type { BucketRule } from '../../../../src/evidence/database/buckets.ts';

const all = { name: 'r', enabled: true, prefix: '', narrowed: false, transitions: 0 };
const days = '<Expiration><Days>30</Days></Expiration>';

// Forms by the reference documents of S3, MinIO, Ceph, OSS, COS and OBS.
test.each<[string, string, Partial<BucketRule>]>([
  ['with an empty filter', `<Filter/>${days}`, { expires: { days: 30 } }],
  ['with an empty prefix in the filter', `<Filter><Prefix/></Filter>${days}`, { expires: { days: 30 } }],
  ['for a prefix', `<Filter><Prefix>a&amp;b/</Prefix></Filter>${days}`, { prefix: 'a&b/', expires: { days: 30 } }],
  ['for a prefix in the old place', `<Prefix>logs/</Prefix>${days}`, { prefix: 'logs/', expires: { days: 30 } }],
  [
    'for a tag',
    `<Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter>${days}`,
    { narrowed: true, expires: { days: 30 } },
  ],
  [
    'for a prefix and a tag',
    `<Filter><And><Prefix>x/</Prefix><Tag><Key>k</Key></Tag></And></Filter>${days}`,
    { prefix: 'x/', narrowed: true, expires: { days: 30 } },
  ],
  [
    'for a prefix that stands alone among conditions',
    `<Filter><And><Prefix>x/</Prefix></And></Filter>${days}`,
    { prefix: 'x/', expires: { days: 30 } },
  ],
  [
    'for sizes',
    `<Filter><ObjectSizeGreaterThan>1</ObjectSizeGreaterThan></Filter>${days}`,
    { narrowed: true, expires: { days: 30 } },
  ],
  ['for tags of OSS', `<Prefix/><Tag><Key>k</Key></Tag>${days}`, { narrowed: true, expires: { days: 30 } }],
  [
    'with what OSS leaves out',
    `<Filter><Not><Prefix>keep/</Prefix></Not></Filter>${days}`,
    { narrowed: true, expires: { days: 30 } },
  ],
  ['at a date', '<Expiration><Date>2026-12-01T00:00:00.000Z</Date></Expiration>', { expires: { date: '2026-12-01' } }],
  [
    'at a date of OSS',
    '<Expiration><CreatedBeforeDate>2026-12-01T00:00:00.000Z</CreatedBeforeDate></Expiration>',
    { expires: { date: '2026-12-01' } },
  ],
  ['at no date', '<Expiration><Date>soon</Date></Expiration>', { expires: { unknown: true } }],
  ['on delete markers', '<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>', {}],
  ['by words that are not known', '<Expiration><Weeks>1</Weeks></Expiration>', { expires: { unknown: true } }],
  ['by an empty expiration', '<Expiration/>', { expires: { unknown: true } }],
  ['twice', `${days}<Expiration><Days>9</Days></Expiration>`, { expires: { unknown: true } }],
  [
    'on old versions',
    '<NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays></NoncurrentVersionExpiration>',
    { noncurrentDays: 7 },
  ],
  [
    'on all but some old versions',
    '<NoncurrentVersionExpiration><NewerNoncurrentVersions>3</NewerNoncurrentVersions></NoncurrentVersionExpiration>',
    { noncurrentDays: 0 },
  ],
  [
    'of MinIO on all versions',
    '<Expiration><Days>30</Days><ExpiredObjectAllVersions>true</ExpiredObjectAllVersions></Expiration>',
    { expires: { unknown: true } },
  ],
  [
    'of MinIO on what lies below a delete marker',
    '<DelMarkerExpiration><Days>1</Days></DelMarkerExpiration>',
    { expires: { unknown: true } },
  ],
  [
    'that moves',
    '<Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition><NoncurrentVersionTransition/>',
    { transitions: 2 },
  ],
  [
    'that ends uploads',
    '<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>',
    {},
  ],
])('a rule %s', (_, inner, expected) => {
  const text = `<LifecycleConfiguration><Rule><ID>r</ID><Status>Enabled</Status>${inner}</Rule></LifecycleConfiguration>`;
  expect(rulesOf(readXml(text, 'LifecycleConfiguration', lifecycle))).toEqual([{ ...all, ...expected }]);
});

test('a rule that is off, and two without a name', () => {
  const text = `<LifecycleConfiguration><Rule><ID>r</ID><Status>Disabled</Status>${days}</Rule><Rule>${days}</Rule><Rule><Status/></Rule></LifecycleConfiguration>`;
  expect(rulesOf(readXml(text, 'LifecycleConfiguration', lifecycle))).toMatchObject([
    { enabled: false },
    { name: '#2', enabled: true },
    { name: '#3', enabled: true },
  ]);
});
