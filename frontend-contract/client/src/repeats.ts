/**
 * Knows again what was given away already.
 *
 * A feed that goes on from its last cursor is not told anything twice by the server; a proxy, a mock or a server of
 * another version may do it. Cursors alone do not tell: a state may be shown anew under the cursor of the last event.
 * So a repeat is what comes with the same cursor and the same content as something that came before the cut.
 */

const REMEMBERED = 500;

interface Given {
  readonly opening: number;
  readonly item: unknown;
}

export class Repeats {
  private readonly given = new Map<string, Given[]>();

  isRepeat(opening: number, cursor: string, item: unknown): boolean {
    const same = this.given.get(cursor);
    if (same?.some((each) => each.opening !== opening && JSON.stringify(each.item) === JSON.stringify(item)))
      return true;
    if (same) same.push({ opening, item });
    else this.given.set(cursor, [{ opening, item }]);
    if (this.given.size > REMEMBERED) this.given.delete(this.given.keys().next().value as string);
    return false;
  }

  clear(): void {
    this.given.clear();
  }
}
