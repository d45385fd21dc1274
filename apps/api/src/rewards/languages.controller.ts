import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { languagePageSchema, type LanguageEntry, type LanguagePage, type RendererState } from '@pentimento/contracts';
import { builtinLanguages } from '@pentimento/models';
import type { LanguageDefinition } from '@pentimento/render/languages';
import type { RewardServices } from '../composition/services.ts';
import { SERVICES } from '../composition/tokens.ts';
import { Answers } from '../openapi/answers.ts';

@ApiTags('renders')
@Controller('v1')
export class LanguagesController {
  constructor(@Inject(SERVICES) private readonly services: RewardServices) {}

  @Get('languages')
  @ApiOperation({
    summary: 'The target languages, and whether each can be rendered here',
    operationId: 'listLanguages',
  })
  @Answers(200, languagePageSchema, "Each language with its renderer's state.")
  async languages(): Promise<LanguagePage> {
    const { languages, renderers } = this.services;
    const states = await renderers.states(languages.map(({ id }) => id));
    return { data: languages.map((definition, index) => entryOf(definition, states[index]!)) };
  }
}

function entryOf(definition: LanguageDefinition, state: RendererState): LanguageEntry {
  const { id, title, fenceNames, fileExtension, highlighting } = definition;
  const { available, renderer, isolation, reason } = state;
  const writtenByBuiltinModel = builtinLanguages.includes(id);
  const info = { id, title, fenceNames, fileExtension, highlighting, writtenByBuiltinModel };
  return { ...info, available, renderer, isolation, reason };
}
