import { describe, expect, test } from 'vitest';
import { ScopeError } from '../src/errors.ts';
import { createScope, isAuthorityName } from '../src/scope.ts';

const scope = createScope(
  [
    '192.0.2.10',
    '198.51.100.0/24',
    '2001:db8::1',
    'leqi.example.cn',
    'lqpt.chinatax.gov.cn',
    '203.0.113.5',
    '64:ff9b::/96',
  ],
  ['203.0.113.5', '198.51.100.64/26', '*.tax.example', 'entrance.example.cn', '2001:db8:ffff::/48', '192.0.2.77'],
);

describe('lets through what is declared', () => {
  test.each([
    '192.0.2.10',
    '::ffff:192.0.2.10',
    '198.51.100.1',
    '198.51.100.63',
    '198.51.100.128',
    '2001:db8::1',
    '2001:DB8:0:0::1',
    '[2001:db8::1]',
    'leqi.example.cn',
    'LEQI.Example.CN.',
    '64:ff9b::192.0.2.10',
  ])('%s', (host) => {
    expect(() => scope.permit(host)).not.toThrow();
  });
});

describe('refuses what is not declared', () => {
  test.each([
    '192.0.2.11',
    '198.51.101.1',
    '2001:db8::2',
    'example.cn',
    'a.leqi.example.cn',
    'leqi.example.cn.evil.test',
    'localhost',
  ])('%s', (host) => {
    expect(() => scope.permit(host)).toThrow(ScopeError);
    expect(() => scope.permit(host)).toThrow(/not declared/);
  });
});

describe('refuses the tax authority, declared or not', () => {
  test.each([
    'chinatax.gov.cn',
    'lqpt.chinatax.gov.cn',
    'LQPT.ChinaTax.Gov.CN',
    'lqpt.chinatax.gov.cn.',
    'lqpt.chinatax.gov.cn..',
    'lqpt。chinatax．gov｡cn',
    'ｌｑｐｔ.ｃｈｉｎａｔａｘ.gov.cn',
    'lqpt.china\u00adtax.gov.cn',
    'lqpt.chinatax.\u200bgov.cn',
    '203.0.113.5',
    '::ffff:203.0.113.5',
    '64:ff9b::203.0.113.5',
    '2002:cb00:7105::1',
    '::ffff:0:203.0.113.5',
    '::203.0.113.5',
    '::cb00:7105',
    '64:ff9b:1::203.0.113.5',
    '64:ff9b:1:cb00:71:500::',
    '2001:db8:cb00:7105::',
    '2001:db8:64cb:71:5::',
    '2001:db8:64:cb00:71:500::',
    '2001:db8:64:64cb:0:7105::',
    '2001:db8:64:64:cb:71:500:0',
    '2001:db8:64:64::203.0.113.5',
    '2001:0:cb00:7105::',
    '2001:0:4136:e378:8000:63bf:34ff:8efa',
    'fe80::5efe:203.0.113.5',
    '2001:db8::200:5efe:203.0.113.5',
    '::ffff:203.0.113.5%lo',
    'fe80::5efe:203.0.113.5%eth0',
    '198.51.100.64',
    '198.51.100.127',
    'tax.example',
    'a.b.tax.example',
    'entrance.example.cn',
    'ENTRANCE.example.cn.',
    'below.entrance.example.cn',
    '2001:db8:ffff:1::2',
    '[2001:db8:ffff::]',
  ])('%s', (host) => {
    expect(() => scope.permit(host)).toThrow(ScopeError);
    expect(() => scope.permit(host)).toThrow(/tax authority/);
  });

  test('a name that only ends alike is another name', () => {
    expect(isAuthorityName('notchinatax.gov.cn')).toBe(false);
    expect(isAuthorityName('chinatax.gov.cn.example')).toBe(false);
    expect(() => scope.permit('notchinatax.gov.cn')).toThrow(/not declared/);
  });

  test('a name with letters that look alike is another name; where it leads is judged by its address', () => {
    const cyrillic = 'lqpt.сhinatax.gov.cn';
    expect(isAuthorityName(cyrillic)).toBe(false);
    expect(() => scope.permit(cyrillic)).toThrow(/not declared/);
    const lured = createScope([cyrillic], ['203.0.113.5']);
    expect(() => lured.permit('lqpt.xn--hinatax-xjg.gov.cn')).not.toThrow();
    expect(() => lured.permitResolved(cyrillic, ['203.0.113.5'])).toThrow(/tax authority/);
  });

  test('an address that only looks like a carrier is its own', () => {
    const own = ['2001:db8::64:203:0:113:5', '2001:db8:1:2:cb00:7105::', 'fd00::1:cb00:7105:0'];
    const others = createScope(own, ['203.0.113.5']);
    for (const address of own) expect(() => others.permit(address), address).not.toThrow();
  });
});

describe('refuses what leads to no single host, declared or not', () => {
  const everything = ['0.0.0.0/0', '::/0', 'leqi.example.cn'];
  const wide = createScope(everything, []);
  const names = ['0.0.0.0', '0.0.0.1', '::', '::ffff:0.0.0.0', '255.255.255.255', '224.0.0.1', '239.1.2.3', 'ff02::1'];

  test.each([...names, '::0.0.0.0', 'ff05::2%eth0'])('%s', (host) => {
    expect(() => wide.permit(host)).toThrow(/not one host/);
    expect(() => wide.permitResolved('leqi.example.cn', ['192.0.2.1', host])).toThrow(/not one host/);
  });

  test('an address behind one interface is another than behind the next', () => {
    expect(() => wide.permit('fe80::1%eth0')).toThrow(/interface/);
  });
});

describe('refuses what is no single host, so that nothing can expand it', () => {
  test.each([
    '198.51.100.1/24',
    '192.0.2.10/32',
    '0xc000020a',
    '3221225994',
    '192.0.522',
    '0300.0.02.012',
    '１９２.0.2.10',
    '192.0.2.10:443',
    'https://leqi.example.cn',
    'leqi.example.cn/',
    'leqi.example.cn%2e',
    'leqi example.cn',
    '-oN',
    '256.0.0.1',
    '',
    '.',
    'leqi.example.cn\n',
    'leqi..example.cn',
    '.leqi.example.cn',
    'leqi.example.cn..test',
    `${'a'.repeat(64)}.cn`,
    `${'a.'.repeat(127)}cn`,
    '*.example.cn',
    'leqi.example.cn,other.example',
    'leqi.example.cn;id',
    '192.0.2.10-20',
    '192.0.2.*',
  ])('%j', (host) => {
    expect(() => scope.permit(host)).toThrow(ScopeError);
  });
});

describe('what a name resolved to', () => {
  test('is returned in one spelling, to be pinned', () => {
    expect(scope.permitResolved('leqi.example.cn', ['192.0.2.99', '::ffff:192.0.2.98', '2001:DB8::9'])).toEqual([
      '192.0.2.99',
      '192.0.2.98',
      '2001:db8::9',
    ]);
  });

  test('is refused as a whole when one of its addresses is the authority’s', () => {
    expect(() => scope.permitResolved('leqi.example.cn', ['192.0.2.99', '203.0.113.5'])).toThrow(
      /leqi\.example\.cn → 203\.0\.113\.5/,
    );
  });
});

describe('an entry of the platform file that means nothing', () => {
  test.each([
    '10.0.0.0/33',
    '10.0.0.0/x',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'https://lqpt.example',
    '0x7f.1',
    '',
    '.tax.example',
    'tax..example',
    'lqpt.*.cn',
    'a.example b.example',
    'tax.example:8443',
    '203.0.113.5-9',
    '203.0.113.*',
    'fe80::1%eth0',
  ])('%j is refused, not skipped', (entry) => {
    expect(() => createScope([], [entry])).toThrow(ScopeError);
    expect(() => createScope([entry], [])).toThrow(ScopeError);
  });
});

test.each(['tax.example..', '*.tax.example.', 'TAX。example'])(
  '%j among the authority’s holds however it is written',
  (entry) => {
    const strict = createScope(['a.tax.example'], [entry]);
    expect(() => strict.permit('a.tax.example')).toThrow(/tax authority/);
  },
);

test('a host is not asked for a name of the authority’s, which it might pass on', () => {
  for (const name of ['lqpt.chinatax.gov.cn', 'a.tax.example', 'ENTRANCE.example.cn.'])
    expect(() => scope.permitAsked(name)).toThrow(/tax authority/);
  expect(() => scope.permitAsked('anything-else.example')).not.toThrow();
});

test('the refusal shows no control characters of what it refuses', () => {
  expect(() => scope.permit('a\u001b[2Jb.test')).toThrow(/a·\[2Jb\.test/);
});
