/**
 * The three documents that the client has of its own. They are, letter for letter, the contract's trusted documents, so
 * that signing in works with a server that runs no others.
 */

const TOKENS = `{
    accessToken
    refreshToken
    expiresAt
    user {
      id
      name
      roles
      permissions
    }
    errors {
      code
      message
      field
      retryAfterSeconds
    }
  }
}`;

export const LOGIN = `mutation Login($input: LoginInput!) {
  login(input: $input) ${TOKENS}`;

export const REFRESH_TOKEN = `mutation RefreshToken($input: RefreshTokenInput!) {
  refreshToken(input: $input) ${TOKENS}`;

export const LOGOUT = `mutation Logout {
  logout {
    endedSessions
    errors {
      code
      message
      field
    }
  }
}`;
