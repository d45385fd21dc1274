/** Correct code of each language in which every kind of flaw that applies to it can be made. */
export const samples: Record<string, string> = {
  svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50" width="100" height="50">
  <rect x="10" y="5" width="30" height="20" fill="#3d7ea6"/>
  <text x="50" y="40" font-size="8">Sales 2026</text>
</svg>`,
  html: `<!doctype html><html><head><style>
.card { background: #ffffff; width: 200px; margin: 12px; }
</style></head><body>
<div class="card"><h2>Open orders</h2><p>37 orders wait.</p></div>
</body></html>`,
  python: `import matplotlib.pyplot as plt
fig, ax = plt.subplots(figsize=(6, 4))
ax.bar(['North', 'South'], [31, 58], color='#3d7ea6', width=0.5)
ax.set_title('Yearly yield')
ax.legend(['tons'], loc='upper left')
fig.savefig('out.png')
`,
  latex: String.raw`\begin{tikzpicture}
  \draw[blue, thick] (0,0) rectangle (3,2); % a comment with red and 77
  \node[above] at (1.5,2) {Open water};
  \fill[red] (1,1) circle (2pt);
  \node at (1,0.5) {depth 12};
\end{tikzpicture}
`,
  mermaid: `flowchart LR
  A[Order placed] --> B{In stock}
  B -->|yes| C[Pack 2 parcels]
  C --> D[Ship it]
  style A fill:#cfe8ef,stroke-width:2px
`,
  smiles: 'CC(=O)Oc1ccccc1C(=O)O',
};
