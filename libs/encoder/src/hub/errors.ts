/** A model cannot be fetched. The message is a plain sentence with the remedy and never holds the token. */
export class HubError extends Error {
  override readonly name = 'HubError';
}
