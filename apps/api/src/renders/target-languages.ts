import { Inject, Injectable } from '@nestjs/common';
import type { TargetLanguage } from '@pentimento/agent';
import type { Language } from '@pentimento/contracts';
import type { RenderService } from '@pentimento/render';
import { LANGUAGES, type Languages } from '../runtime/languages.ts';
import { RENDERERS } from './renderers.provider.ts';

/** The languages with the versions that this process draws them by, which are looked up once. */
@Injectable()
export class TargetLanguages {
  readonly #known = new Map<Language, TargetLanguage>();

  constructor(
    @Inject(LANGUAGES) private readonly definitions: Languages,
    @Inject(RENDERERS) private readonly renderers: RenderService,
  ) {}

  /** Undefined for a language that this server does not know. */
  async find(id: Language): Promise<TargetLanguage | undefined> {
    const known = this.#known.get(id);
    if (known) return known;
    const definition = this.definitions.find((candidate) => candidate.id === id);
    if (!definition) return undefined;
    const [state] = await this.renderers.states([id]);
    if (state?.versions === undefined) return definition;
    const language = { ...definition, versions: state.versions };
    this.#known.set(id, language);
    return language;
  }
}
