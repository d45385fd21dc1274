import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { languagePageSchema, type LanguageEntry, type LanguagePage } from '@pentimento/api-contracts';
import { type RendererState } from '@pentimento/contracts';
import { builtinLanguages } from '@pentimento/vectorizer';
import type { RenderService } from '@pentimento/render';
import type { LanguageDefinition } from '@pentimento/render/languages';
import { JsonResponse } from '../openapi/responses.ts';
import { LANGUAGES, type Languages } from '../runtime/languages.ts';
import { RENDERERS } from './renderers.provider.ts';

@ApiTags('renders')
@Controller('v1')
export class LanguagesController {
  constructor(
    @Inject(LANGUAGES) private readonly definitions: Languages,
    @Inject(RENDERERS) private readonly renderers: RenderService,
  ) {}

  @Get('languages')
  @ApiOperation({
    summary: 'The target languages, and whether each can be rendered here',
    operationId: 'listLanguages',
  })
  @JsonResponse(200, languagePageSchema, "Each language with its renderer's state.")
  async languages(): Promise<LanguagePage> {
    const states = await this.renderers.states(this.definitions.map(({ id }) => id));
    return { data: this.definitions.map((definition, index) => entryOf(definition, states[index]!)) };
  }
}

function entryOf(definition: LanguageDefinition, state: RendererState): LanguageEntry {
  const { id, title, fenceNames, fileExtension, highlighting } = definition;
  const { available, renderer, isolation, reason } = state;
  const writtenByBuiltinModel = builtinLanguages.includes(id);
  const info = { id, title, fenceNames, fileExtension, highlighting, writtenByBuiltinModel };
  return { ...info, available, renderer, isolation, reason };
}
