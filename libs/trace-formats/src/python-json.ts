/**
 * JSON as Python's `json.dumps(value, sort_keys=True)` writes it, for hashes that Python computes too. Numbers must be safe integers: others are
 * written differently. `compact`: with `separators=(",", ":")` and `ensure_ascii=False`.
 */
export function pythonJson(value: unknown, { compact }: { compact: boolean }): string {
  const [comma, colon] = compact ? [',', ':'] : [', ', ': '];
  const write = (part: unknown): string => {
    if (Array.isArray(part)) return `[${part.map(write).join(comma)}]`;
    if (part !== null && typeof part === 'object') {
      const entries = Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1));
      return `{${entries.map(([key, field]) => `${write(key)}${colon}${write(field)}`).join(comma)}}`;
    }
    const text = JSON.stringify(part);
    return compact ? text : text.replaceAll(/[\u007f-\uffff]/g, escaped);
  };
  return write(value);
}

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
