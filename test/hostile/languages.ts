/** The languages that hostile and good programs are written in. */
export type Language = 'python' | 'html' | 'svg' | 'latex' | 'smiles' | 'mermaid';
