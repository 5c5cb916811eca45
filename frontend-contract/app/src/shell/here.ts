/** Which entry of the menu stands for the page that is open. */

/** The one whose path is the longest that the location lies under. */
export function isHere(location: string, path: string, others: readonly string[]): boolean {
  const under = (candidate: string): boolean => location === candidate || location.startsWith(`${candidate}/`);
  return under(path) && !others.some((other) => other.length > path.length && under(other));
}
