import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { languagePageSchema, type RendererState } from '@pentimento/contracts';
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
  @Answers(200, languagePageSchema, "Each renderer's state.")
  async languages(): Promise<{ data: RendererState[] }> {
    return { data: await this.services.renderers.states() };
  }
}
