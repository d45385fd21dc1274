interface Line<Item> {
  key: string;
  items: Item[];
}

/** Items in lines by key that take turns: each line in its own order, and no line waits for more than one item of another. */
export class RoundRobin<Item> {
  /** No line is empty; the next turn is the first one's. */
  readonly #lines: Line<Item>[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Keys that have items. */
  get keys(): string[] {
    return this.#lines.map(({ key }) => key);
  }

  push(key: string, item: Item): void {
    this.#size++;
    const line = this.#lines.find((other) => other.key === key);
    if (line) line.items.push(item);
    else this.#lines.push({ key, items: [item] });
  }

  /** Takes the next item that fits out; the line that it stood in has its next turn last. */
  shift(fits: (item: Item) => boolean = () => true): Item | undefined {
    for (const line of this.#lines) {
      const place = line.items.findIndex(fits);
      if (place < 0) continue;
      const [item] = line.items.splice(place, 1);
      this.#size--;
      this.#drop(line);
      if (line.items.length > 0) this.#lines.push(line);
      return item;
    }
    return undefined;
  }

  /** Takes an item out of its line, wherever it stands. */
  remove(item: Item): void {
    const line = this.#lines.find(({ items }) => items.includes(item));
    if (!line) return;
    line.items.splice(line.items.indexOf(item), 1);
    this.#size--;
    if (line.items.length === 0) this.#drop(line);
  }

  #drop(line: Line<Item>): void {
    this.#lines.splice(this.#lines.indexOf(line), 1);
  }
}
