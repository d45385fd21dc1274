import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { examplePageSchema, modelPageSchema, type ModelPage } from '@pentimento/contracts';
import type { Services } from '../composition/services.ts';
import { SERVICES } from '../composition/tokens.ts';
import { Answers } from '../openapi/answers.ts';
import { Examples, type Example } from './examples.ts';

@ApiTags('catalog')
@Controller('v1')
export class CatalogController {
  constructor(
    @Inject(SERVICES) private readonly services: Services,
    private readonly exampleTargets: Examples,
  ) {}

  @Get('models')
  @ApiOperation({ summary: 'The models, and whether each is ready', operationId: 'listModels' })
  @Answers(200, modelPageSchema, 'Models and providers.')
  models(): ModelPage {
    return this.services.models.list();
  }

  @Get('examples')
  @ApiOperation({ summary: 'Example targets, ready to be submitted by blob id', operationId: 'listExamples' })
  @Answers(200, examplePageSchema, 'The examples.')
  async examples(): Promise<{ data: Example[] }> {
    return { data: await this.exampleTargets.list() };
  }
}
