// Programs may name the tenant that they mean; another one than the account's or token's is refused
// (services/api/guard.ts).
export const TENANT_HEADER = "x-heidewacht-tenant";
