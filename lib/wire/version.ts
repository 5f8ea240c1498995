/** The version of the API that this client and this server speak; clients compare theirs with the server's. */
export const API_VERSION = '0.10.0';
