/** The first number that is given; 0 counts as absent. */
export function firstSet(...numbers: (number | undefined)[]): number | undefined {
  return numbers.find((number) => number !== undefined && number !== 0);
}
