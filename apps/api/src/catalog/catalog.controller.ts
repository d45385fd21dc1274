import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { modelPageSchema, type ModelPage } from '@pentimento/contracts';
import { examplePageSchema } from '@pentimento/api-contracts';
import type { Models } from '@pentimento/models';
import { MODELS } from '../models/models.provider.ts';
import { JsonResponse } from '../openapi/responses.ts';
import { Examples, type Example } from './examples.ts';

@ApiTags('catalog')
@Controller('v1')
export class CatalogController {
  constructor(
    @Inject(MODELS) private readonly clients: Models,
    private readonly exampleTargets: Examples,
  ) {}

  @Get('models')
  @ApiOperation({ summary: 'The models, and whether each is ready', operationId: 'listModels' })
  @JsonResponse(200, modelPageSchema, 'Models and providers.')
  models(): ModelPage {
    return this.clients.list();
  }

  @Get('examples')
  @ApiOperation({ summary: 'Example targets, ready to be submitted by blob id', operationId: 'listExamples' })
  @JsonResponse(200, examplePageSchema, 'The examples.')
  async examples(): Promise<{ data: Example[] }> {
    return { data: await this.exampleTargets.list() };
  }
}
