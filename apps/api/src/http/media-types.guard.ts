import { mixin, type CanActivate, type ExecutionContext, type Type } from '@nestjs/common';
import type { Request } from 'express';
import { ProblemError } from './problem.ts';

/** Refuses bodies of other media types before anything reads them. */
export function onlyMediaTypes(...types: string[]): Type<CanActivate> {
  class MediaTypesGuard implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      const request = context.switchToHttp().getRequest<Request>();
      if (request.is(types)) return true;
      throw new ProblemError('unsupported-media-type', `Send a body of the type ${types.join(' or ')}.`);
    }
  }
  return mixin(MediaTypesGuard);
}
