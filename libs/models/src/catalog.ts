import type { ModelEntry, ModelPage, ModelState } from '@pentimento/contracts';
import type { ModelProvider } from './providers/providers.ts';

/** Which models there are, and whether each can be used. */
export interface ModelCatalog {
  list(): ModelPage;
  /** Any `provider/model` of a configured provider is ready; the reason says what to do about the others. */
  state(name: string): ModelState;
  /** Whether the name belongs to a provider that exists, ready or not. */
  knows(name: string): boolean;
  providerOf(name: string): ModelProvider | undefined;
}

export function createCatalog(providers: readonly ModelProvider[], listed: readonly string[]): ModelCatalog {
  const providerOf = (name: string) => providers.find((provider) => provider.name === split(name).provider);
  const reasonOf = (name: string) => whyNotReady(name, providerOf(name), providers);
  const state = (name: string): ModelState => {
    const reason = reasonOf(name);
    const { provider } = split(name);
    return { name, provider, ready: reason === null, reason, trusted: providerOf(name)?.trusted ?? false };
  };
  return {
    state,
    providerOf,
    knows: (name) => {
      const provider = providerOf(name);
      return provider !== undefined && isModelOf(provider, name);
    },
    list: () => ({
      object: 'list',
      data: [...new Set([...providers.flatMap(({ known }) => known), ...listed])].map((name) => entryOf(state(name))),
      providers: providers.map(({ name, reason, example }) => ({
        provider: name,
        ready: reason === null,
        reason,
        example,
      })),
    }),
  };
}

const entryOf = (state: ModelState): ModelEntry => ({
  ...state,
  id: state.name,
  object: 'model',
  created: 0,
  owned_by: state.provider,
});

/** The model's own name, after the provider and the first slash. */
export function split(name: string): { provider: string; model: string } {
  const slash = name.indexOf('/');
  return slash < 0 ? { provider: name, model: '' } : { provider: name.slice(0, slash), model: name.slice(slash + 1) };
}

function whyNotReady(
  name: string,
  provider: ModelProvider | undefined,
  providers: readonly ModelProvider[],
): string | null {
  if (!provider)
    return `There is no provider of that name: name the model as provider/model with one of ${providers.map((configured) => configured.name).join(', ')}.`;
  if (!isModelOf(provider, name)) {
    return provider.modelNames
      ? `The provider ${provider.name} has no models of such names: write provider/model, e.g. ${provider.example}.`
      : `The provider ${provider.name} has no such model: use ${provider.known.join(' or ')}.`;
  }
  return provider.reason;
}

function isModelOf(provider: ModelProvider, name: string): boolean {
  return provider.modelNames?.test(split(name).model) ?? provider.known.includes(name);
}
