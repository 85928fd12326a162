using Microsoft.Extensions.Configuration;

namespace Verb.Gateway.Settings;

/// <summary>Reads <see cref="VerbOptions"/> from configuration.</summary>
public static class VerbSettings
{
    /// <summary>Reads and checks the section <c>Verb</c>; every key has its default where it is missing.</summary>
    /// <param name="configuration">The host's configuration: files, environment (<c>Verb__Limits__Connections</c>), command line.</param>
    /// <param name="hostVerifiesTokens">Whether the host brings its own <see cref="Auth.ITokenVerifier"/>, so that no key is needed.</param>
    /// <exception cref="VerbSettingsException">A key is not known or a value is not allowed; the message is one line for the operator.</exception>
    public static VerbOptions Read(IConfiguration configuration, bool hostVerifiesTokens = false)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = SettingsBinder.Bind<VerbOptions>(configuration.GetSection(VerbOptions.Section));
        SettingsRules.Check(options, hostVerifiesTokens);
        return options;
    }

    /// <summary>Checks options that a host has made or changed in code.</summary>
    /// <param name="options">The options.</param>
    /// <param name="hostVerifiesTokens">Whether the host brings its own <see cref="Auth.ITokenVerifier"/>.</param>
    /// <exception cref="VerbSettingsException">A value is not allowed.</exception>
    public static void Check(VerbOptions options, bool hostVerifiesTokens = false)
    {
        ArgumentNullException.ThrowIfNull(options);
        SettingsRules.Check(options, hostVerifiesTokens);
    }
}
