/**
 * How likely it is that at least `hits` of so many independent trials succeed, each with the same chance between 0 and 1 (the upper tail of the
 * binomial distribution).
 */
export function atLeastByChance(trials: number, hits: number, chance: number): number {
  if (hits <= 0) return 1;
  if (hits > trials) return 0;
  // The term of exactly `hits`, by logarithms, for its factors leave the range of numbers; then each from the one before.
  let logarithm = hits * Math.log(chance) + (trials - hits) * Math.log1p(-chance);
  for (let index = 1; index <= hits; index += 1) logarithm += Math.log((trials - hits + index) / index);
  let term = Math.exp(logarithm);
  let sum = 0;
  for (let index = hits; index <= trials && term > 0; index += 1) {
    sum += term;
    term *= (((trials - index) / (index + 1)) * chance) / (1 - chance);
  }
  return Math.min(1, sum);
}
