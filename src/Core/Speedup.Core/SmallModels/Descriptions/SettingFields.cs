using System.Reflection;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Descriptions;

/// <summary>The fields of module classes, but for what TorchSharp's own base classes hold; looked up once for each class.</summary>
internal sealed class SettingFields
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private readonly Dictionary<Type, SettingField[]> _known = [];
    private readonly StateFields _state = new();

    /// <summary>The fields that hold plain values, those of base classes last.</summary>
    public IReadOnlyList<SettingField> Of(Type module)
    {
        if (_known.TryGetValue(module, out SettingField[]? known))
            return known;
        var names = new HashSet<string>(StringComparer.Ordinal);
        return _known[module] = [
            .. AllOf(module)
                .Where(field => PlainTypes.IsPlain(field.FieldType))
                .Select(field => new SettingField(NameOf(field, names), field, _state.Contains(field))),
        ];
    }

    /// <summary>Names of fields with values that are neither plain nor tensors or modules, nor lead to any: nothing is known of them.</summary>
    public static IEnumerable<string> OpaqueOf(nn.Module module)
    {
        var types = new LeadingTypes();
        return AllOf(module.GetType())
            .Where(field => !PlainTypes.IsPlain(field.FieldType) && !CodeOrigin.IsTorch(field.DeclaringType!))
            .Where(field => field.GetValue(module) is { } value and not Delegate && !types.Leads(value.GetType()))
            .Select(field => field.Name);
    }

    /// <summary>The field of a module that holds a tensor; null where it is only registered.</summary>
    public static FieldInfo? FindHolder(nn.Module module, Tensor tensor) =>
        AllOf(module.GetType()).FirstOrDefault(field => !field.FieldType.IsValueType && ReferenceEquals(field.GetValue(module), tensor));

    /// <summary>The field of that name that can hold a tensor; null where there is none.</summary>
    public static FieldInfo? FindHolder(nn.Module module, string name) =>
        AllOf(module.GetType()).FirstOrDefault(field => field.Name == name && typeof(Tensor).IsAssignableFrom(field.FieldType));

    private static IEnumerable<FieldInfo> AllOf(Type module)
    {
        for (Type? type = module; type is not null && type.DeclaringType != typeof(nn); type = type.BaseType)
            foreach (FieldInfo field in type.GetFields(OwnFields))
                yield return field;
    }

    private static string NameOf(FieldInfo field, HashSet<string> names)
    {
        int end = field.Name.StartsWith('<') ? field.Name.IndexOf('>', StringComparison.Ordinal) : -1;
        string name = end > 1 ? field.Name[1..end] : field.Name;
        return names.Add(name) ? name : $"{name} of {field.DeclaringType!.Name}";
    }
}
