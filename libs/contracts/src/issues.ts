/** A value may be wrong in more fields than anyone reads, and a key of it may be long. */
const maxIssues = 5;
const maxIssueLength = 300;

interface Issue {
  path: readonly PropertyKey[];
  message: string;
}

/** What is wrong with a value in a few hundred words at most, whatever it holds. `whole` names the value itself. */
export function describeIssues(issues: readonly Issue[], whole: string): string {
  const named = issues
    .slice(0, maxIssues)
    .map(({ path, message }) => shortened(`${path.join('/') || whole}: ${message}`, maxIssueLength));
  return [...named, ...(issues.length > maxIssues ? ['and more fields'] : [])].join('; ');
}

const shortened = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…` : text);
