using Microsoft.AspNetCore.Connections;

namespace Verb.Server.Transport;

/// <summary>Puts the patient transport in the place of Kestrel's own.</summary>
internal static class PatientAccepting
{
    /// <summary>Kestrel takes the transport that was added last.</summary>
    public static void AcceptPatiently(this WebApplicationBuilder builder) => builder.Services.AddSingleton<IConnectionListenerFactory, PatientTransport>();
}
