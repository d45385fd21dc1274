import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { dashboardFolder } from '../settings/locations.ts';
import { serveDashboard } from './dashboard.ts';

/** Serves the dashboard's files at every path that the API does not have. */
@Module({})
export class DashboardModule implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  /** The routes exist by now, so they come first. A Nest middleware would not see the whole path. */
  onModuleInit(): void {
    this.host.httpAdapter.use(serveDashboard(dashboardFolder));
  }
}
