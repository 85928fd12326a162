namespace Verb.Gateway.Settings;

/// <summary>Marks a number of bytes whose name does not say so; it may be written with a unit: <c>1GiB</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SizeAttribute : Attribute;
