namespace Verb.Gateway.Settings;

/// <summary>Marks a setting whose value never stands in a message or a log.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;
