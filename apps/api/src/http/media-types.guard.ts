import { mixin, type CanActivate, type ExecutionContext, type Type } from '@nestjs/common';
import type { Request } from 'express';
import { ProblemException } from './problem.exception.ts';

/** Refuses bodies of other media types before they are read. */
export function onlyMediaTypes(...types: string[]): Type<CanActivate> {
  class MediaTypesGuard implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      const request = context.switchToHttp().getRequest<Request>();
      if (request.is(types)) return true;
      throw new ProblemException('unsupported-media-type', `Send a body of the type ${types.join(' or ')}.`);
    }
  }
  return mixin(MediaTypesGuard);
}
