import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { healthSchema, type Check, type Health } from '@pentimento/api-contracts';
import type { Response } from 'express';
import { JsonResponse } from '../openapi/responses.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { version } from '../settings/version.ts';
import { PROBES, runProbes, type Probe } from './probes.ts';

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly lifecycle: Lifecycle,
    @Inject(PROBES) private readonly probes: Probe[],
  ) {}

  @Get('healthz')
  @ApiOperation({ summary: 'Whether the process answers', operationId: 'healthz' })
  @JsonResponse(200, healthSchema, 'It does.')
  healthz(): Health {
    return this.health([]);
  }

  @Get('readyz')
  @ApiOperation({ summary: 'Whether the server can take and do jobs', operationId: 'readyz' })
  @JsonResponse(200, healthSchema, 'It can.')
  @JsonResponse(503, healthSchema, 'It cannot: a check fails, or it shuts down.')
  async readyz(@Res({ passthrough: true }) response: Response): Promise<Health> {
    const health = this.health(await runProbes(this.probes));
    response.status(health.status === 'ok' ? 200 : 503).setHeader('Cache-Control', 'no-store');
    return health;
  }

  private health(checks: Check[]): Health {
    const failing = checks.some(({ ok }) => !ok);
    const status = this.lifecycle.draining.aborted ? 'draining' : failing ? 'failing' : 'ok';
    return { status, version, checks, at: new Date().toISOString() };
  }
}
