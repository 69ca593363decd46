const larger = { loss: ['larger', 'major'], effect: ['adverse', 'rather-serious', 'serious'] };
const heavy = { loss: ['major'], effect: ['serious'] };

/** QD 4-4-(1), gravest first. */
export const unitLevels = [
  { level: 'service-suspended', kinds: ['upgrade-late', 'upgrade-wrong'], ...heavy },
  { level: 'service-suspended', kinds: ['risk-measures-missing', 'major-case'], withinMonths: 12, ...heavy },
  {
    level: 'service-suspended',
    kinds: ['authority-attacked', 'data-leaked'],
    loss: ['larger', 'major'],
    effect: ['rather-serious', 'serious'],
  },
  { level: 'service-suspended', kinds: ['unreasonable-fees'], vile: true, ...heavy },
  { level: 'new-units-suspended', kinds: ['upgrade-late', 'upgrade-wrong'], ...larger },
  { level: 'new-units-suspended', kinds: ['risk-measures-missing', 'false-invoicing'] },
  { level: 'new-units-suspended', kinds: ['invoice-not-from-record'] },
  { level: 'new-units-suspended', kinds: ['authority-attacked'], ...larger },
  { level: 'new-units-suspended', kinds: ['unreasonable-fees'], ...larger },
  { level: 'new-units-suspended', kinds: ['data-not-submitted', 'filing-not-updated'] },
  { level: 'new-units-suspended', kinds: ['review-failed'] },
  {
    level: 'reminder',
    kinds: ['upgrade-late', 'unit-or-capability-unfit', 'platform-unstable', 'authority-attacked', 'too-few-active'],
  },
];

/** QD 4-4-(2). */
export const usingUnitLevels = [
  {
    level: 'order',
    kinds: ['delivery-ways-missing', 'e-mail-only', 'extra-data-asked', 'forced-app'],
    complaint: true,
  },
];
