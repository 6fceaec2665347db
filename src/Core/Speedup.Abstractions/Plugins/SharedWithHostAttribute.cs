namespace Speedup.Abstractions;

/// <summary>
/// Names a library, by one of its types, whose types a plugin and a model both mean: above all one of module classes that the plugin
/// handles. Where the host has the library, the plugin gets the host's copy, so that the types are the same; elsewhere it gets the copy
/// in its own folder. Without this attribute a library in the plugin's folder is the plugin's alone.
/// </summary>
/// <param name="type">Any public type of the library. It is read from metadata before anything is loaded.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class SharedWithHostAttribute(Type type) : Attribute
{
    /// <summary>A type of the library.</summary>
    public Type Type { get; } = type;
}
