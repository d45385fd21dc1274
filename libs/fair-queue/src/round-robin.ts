interface Line<Item> {
  key: string;
  items: Item[];
}

/** Items in lines by key that take turns: each line keeps its order, and no line waits for more than one item of another. */
export class RoundRobin<Item> {
  /** No line is empty; the next turn is the first one's. */
  readonly #lines: Line<Item>[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The keys of the items. */
  get keys(): string[] {
    return this.#lines.map(({ key }) => key);
  }

  /** All that wait, line by line. */
  get items(): Item[] {
    return this.#lines.flatMap(({ items }) => items);
  }

  push(key: string, item: Item): void {
    this.#size++;
    const line = this.#lines.find((other) => other.key === key);
    if (line) line.items.push(item);
    else this.#lines.push({ key, items: [item] });
  }

  /** Removes and returns the next item that fits; its line then has its next turn last. */
  shift(fits: (item: Item) => boolean = () => true): Item | undefined {
    for (const line of this.#lines) {
      const index = line.items.findIndex(fits);
      if (index < 0) continue;
      const [item] = line.items.splice(index, 1);
      this.#size--;
      this.#drop(line);
      if (line.items.length > 0) this.#lines.push(line);
      return item;
    }
    return undefined;
  }

  /** Removes an item from its line. */
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
