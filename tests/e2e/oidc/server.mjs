// An identity provider on loopback for the tests of the sign-in: organizations, a second factor, and an end of sessions.
//
//   node server.mjs '{"port": 9500, "redirectUri": "…", "idTokenSeconds": 600, "users": {"ada": {"email": "…"}}}'
//
// A user has: email, name, verified (default true), organizations (one is chosen in the form).
import { Provider } from 'oidc-provider';

const { port, redirectUri, idTokenSeconds, users } = JSON.parse(process.argv[2]);
const issuer = `http://localhost:${port}`;
const chosenOrganization = new Map();

function claimsOf(login, methods) {
  const { email, name, verified = true } = users[login];
  const organization = chosenOrganization.get(login);
  return {
    sub: `idp|${login}`,
    email,
    email_verified: verified,
    name,
    ...(organization && { org_id: organization }),
    ...(methods && { amr: methods }),
  };
}

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'cloudprune',
    client_secret: 'of-the-tests',
    redirect_uris: [redirectUri],
    post_logout_redirect_uris: [redirectUri],
    require_auth_time: true,
  }],
  claims: { openid: ['sub', 'org_id', 'amr'], email: ['email', 'email_verified'], profile: ['name'] },
  conformIdTokenClaims: false, // the dashboard reads the ID token alone
  cookies: { keys: ['of-the-tests'] },
  extraParams: ['organization'],
  pkce: { required: () => true },
  ttl: { AccessToken: 600, Grant: 3600, IdToken: idTokenSeconds, Interaction: 600, Session: 3600 },
  interactions: { url: (_, interaction) => `/form/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = `${form}<button id="confirm" form="op.logoutForm" name="logout" value="yes">Sign out</button>`;
      },
    },
  },
  findAccount: (ctx, accountId) => ({
    accountId,
    claims: () => claimsOf(accountId.split('|')[1], ctx.oidc.entities.AuthorizationCode?.amr),
  }),
  loadExistingGrant: async (ctx) => { // nobody is asked for consent
    const { Grant } = ctx.oidc.provider;
    const grant = new Grant({ accountId: ctx.oidc.session.accountId, clientId: ctx.oidc.client.clientId });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
});

const FORM = `<!doctype html><title>Identity provider</title><form method="post">
<label>Name <input name="login" id="login"></label>
<label>Organization <input name="organization" id="organization"></label>
<label><input type="checkbox" name="mfa" id="mfa"> with a second factor</label>
<button id="continue">Continue</button></form>`;

async function read(request) {
  let body = '';
  for await (const part of request) body += part;
  return new URLSearchParams(body);
}

function outcome(form) {
  const login = form.get('login');
  const organization = form.get('organization');
  const user = users[login];
  if (!user || (organization && !(user.organizations ?? []).includes(organization))) {
    return { error: 'access_denied', error_description: 'not of this organization' };
  }
  if (organization) chosenOrganization.set(login, organization);
  else chosenOrganization.delete(login);
  const hasSecondFactor = form.get('mfa') === 'on';
  return {
    login: {
      accountId: `idp|${login}`,
      amr: hasSecondFactor ? ['pwd', 'otp', 'mfa'] : ['pwd'],
      remember: false,
    },
  };
}

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/form/')) return next();
  if (ctx.method === 'GET') {
    ctx.type = 'html';
    ctx.body = FORM;
    return undefined;
  }
  const result = outcome(await read(ctx.req));
  ctx.respond = false;
  return provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
});

provider.listen(port, '127.0.0.1', () => console.log(`ready ${issuer}`));
