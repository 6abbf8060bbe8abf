/**
 * These operations store the AWS services that the organization trusts; Service Catalog, for example, shares
 * portfolios with it.
 */
import { access, exception, managed, type OrganizationOperation } from "./operation.ts";
import { page } from "./paging.ts";

export const enableAWSServiceAccess: OrganizationOperation<"EnableAWSServiceAccess"> = {
  access: (input) => ({
    ...access("EnableAWSServiceAccess"),
    context: { "organizations:ServicePrincipal": input.ServicePrincipal },
  }),
  run: ({ ServicePrincipal = "" }, call) => {
    const { state, organization } = managed(call);
    requireService(ServicePrincipal);
    state.organization.set("organization", {
      ...organization,
      trustedServices: { [ServicePrincipal]: call.clock.now(), ...organization.trustedServices },
    });
    return {};
  },
};

export const disableAWSServiceAccess: OrganizationOperation<"DisableAWSServiceAccess"> = {
  access: (input) => ({
    ...access("DisableAWSServiceAccess"),
    context: { "organizations:ServicePrincipal": input.ServicePrincipal },
  }),
  run: ({ ServicePrincipal = "" }, call) => {
    const { state, organization } = managed(call);
    requireService(ServicePrincipal);
    const { [ServicePrincipal]: _removed, ...trustedServices } = organization.trustedServices;
    state.organization.set("organization", { ...organization, trustedServices });
    return {};
  },
};

export const listAWSServiceAccessForOrganization: OrganizationOperation<"ListAWSServiceAccessForOrganization"> =
  {
    access: () => access("ListAWSServiceAccessForOrganization"),
    run: (input, call) => {
      const { items, next } = page(Object.entries(managed(call).organization.trustedServices), input);
      return {
        EnabledServicePrincipals: items.map(([ServicePrincipal, DateEnabled]) => ({
          ServicePrincipal,
          DateEnabled,
        })),
        ...next,
      };
    },
  };

function requireService(principal: string): void {
  if (!/^[a-z0-9.-]+\.amazonaws\.com$/.test(principal))
    throw exception("InvalidInputException", "You specified an unrecognized service principal.");
}
