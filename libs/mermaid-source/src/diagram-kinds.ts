/** First words of the diagrams that Mermaid knows. */
const keywords = [
  'flowchart(?:-elk)?',
  'graph',
  'sequenceDiagram',
  'classDiagram(?:-v2)?',
  'stateDiagram(?:-v2)?',
  'erDiagram',
  'gantt',
  'pie',
  'journey',
  'gitGraph',
  'mindmap',
  'timeline',
  'quadrantChart',
  'requirement(?:Diagram)?',
  'C4(?:Context|Container|Component|Dynamic|Deployment)',
  'kanban',
  'info',
  '(?:xychart|sankey|block|packet|architecture|radar|treemap|treeView|ishikawa|venn|wardley)(?:-beta)?',
  'eventmodeling',
];

const header = new RegExp(`^(?:${keywords.join('|')})(?![\\w-])`);

/** The first word of a line that begins a diagram. */
export const diagramKeyword = (line: string): string | undefined => header.exec(line)?.[0];

const directions = /^(?:flowchart(?:-elk)?|graph)[ \t]+(?:TB|TD|BT|RL|LR)\s*;?$/;
const alone = new RegExp(`^(?:${keywords.slice(2).join('|')})(?:[ \\t]+(?:title|showData|LR:)[^\\n]*)?:?\\s*$`);

/** Whether a line is the first of a diagram whatever stands before it: a keyword with nothing but what belongs to it. */
export const isDiagramHeader = (line: string): boolean => directions.test(line) || alone.test(line);
