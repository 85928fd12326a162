using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Verb.Actors.Connections;

namespace Verb.Gateway.Settings;

/// <summary>One scalar setting: how its text is read, and what is allowed.</summary>
internal sealed class Setting
{
    private readonly PropertyInfo _property;
    private readonly Type _type;
    private readonly RangeAttribute? _range;

    public Setting(PropertyInfo property)
    {
        _property = property;
        _type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        _range = property.GetCustomAttribute<RangeAttribute>();
    }

    public bool IsSecret => _property.IsDefined(typeof(SecretAttribute));

    private bool IsSize => _property.IsDefined(typeof(SizeAttribute)) || _property.Name.Contains("Bytes", StringComparison.Ordinal);

    public static bool Covers(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long)
            || type == typeof(TimeSpan) || type.IsEnum;
    }

    /// <summary>What may stand there, as the end of the sentence "must be …".</summary>
    public string Allowed()
    {
        if (_type == typeof(bool))
            return "true or false";
        if (_type == typeof(TimeSpan))
            return Durations.Allowed;
        if (_type.IsEnum)
            return "one of " + string.Join(", ", EnumNames.All(_type));
        if (_type == typeof(string))
            return "a text that is not empty";
        return (IsSize ? "a size in bytes or with KiB, MiB, GiB" : "a whole number") + Bounds();
    }

    public bool TryRead(string text, out object? value)
    {
        value = null;
        if (_type == typeof(string))
            value = text.Length == 0 ? null : text;
        else if (_type == typeof(bool))
            value = bool.TryParse(text, out var flag) ? flag : null;
        else if (_type == typeof(TimeSpan))
            value = Durations.TryParse(text, out var duration) ? duration : null;
        else if (_type.IsEnum)
            EnumNames.TryParse(_type, text, out value);
        else
            value = TryNumber(text, out var number) ? Convert.ChangeType(number, _type, CultureInfo.InvariantCulture) : null;
        return (value is not null || (_type == typeof(string) && !IsRequired)) && IsAllowed(value);
    }

    public bool IsAllowed(object? value) => value switch
    {
        null => !IsRequired,
        string text => text.Length > 0 || !IsRequired,
        TimeSpan duration => Durations.IsAllowed(duration),
        int number => Least <= number && number <= Most,
        long number => Least <= number && number <= Most,
        Enum choice => Enum.IsDefined(_type, choice),
        _ => true,
    };

    public static string Format(object? value) => value switch
    {
        null => "",
        Enum choice => EnumNames.Of(choice),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private bool IsRequired => _property.IsDefined(typeof(RequiredAttribute));

    private long Least => _range is null ? 0 : Convert.ToInt64(_range.Minimum, CultureInfo.InvariantCulture);

    // An attribute that names long.MaxValue holds the double above it.
    private long Most => _range is null or { Maximum: >= (double)long.MaxValue }
        ? (_type == typeof(int) ? int.MaxValue : long.MaxValue)
        : Convert.ToInt64(_range.Maximum, CultureInfo.InvariantCulture);

    private bool TryNumber(string text, out long number) =>
        (IsSize
            ? ByteSizes.TryParse(text, out number)
            : long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        && Least <= number && number <= Most;

    private string Bounds()
    {
        var open = Most == (_type == typeof(int) ? int.MaxValue : long.MaxValue);
        var bounds = open ? $" from {Show(Least)}" : $" from {Show(Least)} to {Show(Most)}";
        return Least == 0 && _property.DeclaringType == typeof(LimitOptions) ? bounds + " (0 = unlimited)" : bounds;
    }

    private string Show(long number) => IsSize ? ByteSizes.Format(number) : number.ToString(CultureInfo.InvariantCulture);
}
