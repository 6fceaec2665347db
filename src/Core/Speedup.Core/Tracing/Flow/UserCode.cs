using System.Reflection;
using Speedup.Core.Models;

namespace Speedup.Core.Tracing.Flow;

/// <summary>
/// Tells the code that is looked into: that of assemblies that know TorchSharp. Anything else is taken as the platform is, by what goes in and
/// comes out: a model may call a library of any size.
/// </summary>
internal sealed class UserCode
{
    private readonly Dictionary<Assembly, bool> _assemblies = [];

    /// <summary>Whether the fields of a type are looked at one by one; an object of another type is one thing with one content.</summary>
    public bool Owns(Type type)
    {
        Assembly assembly = type.Assembly;
        if (!_assemblies.TryGetValue(assembly, out bool known))
            _assemblies[assembly] = known =
                !CodeOrigin.IsPlatform(assembly)
                && !CodeOrigin.IsTorch(type)
                && !CodeOrigin.IsFSharpLibrary(assembly)
                && CodeOrigin.UsesTorch(assembly);
        return known;
    }

    /// <summary>Whether a method belongs to a type whose code is looked into.</summary>
    public bool Owns(MethodBase method) =>
        method.DeclaringType is { IsArray: false } type && Owns(type) && !typeof(Delegate).IsAssignableFrom(type);

    /// <summary>Whether a method has a body to look into, whoever calls it.</summary>
    public bool HasBody(MethodBase method) =>
        Owns(method) && !method.ContainsGenericParameters && !method.IsAbstract && method.GetMethodBody() is not null;

    /// <summary>Whether what runs is found when it is called only.</summary>
    public bool IsVirtual(MethodBase method) =>
        method is { IsVirtual: true, IsFinal: false } && Owns(method) && !method.DeclaringType!.IsSealed;
}
