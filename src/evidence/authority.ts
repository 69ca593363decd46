/** The tax authority's domain. QD 5-3 forbids scanning traffic toward it, so that no platform file can allow a name below it. */
export const authorityDomain = 'chinatax.gov.cn';
