using System.Reflection;
using System.Reflection.Emit;
using Speedup.Core.Models;
using Speedup.Core.Tracing;

namespace Speedup.Core.SmallModels.Descriptions;

/// <summary>
/// Tells fields that are written after construction (counters, modes) from those that say how a module was made: the former may differ between a
/// model that was used and a fresh one.
/// </summary>
internal sealed class StateFields
{
    private const BindingFlags Methods =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly Dictionary<Type, HashSet<int>> _written = [];

    /// <summary>Whether code of the user's may write the field outside of constructors.</summary>
    public bool Contains(FieldInfo field)
    {
        Type owner = field.DeclaringType!;
        if (field.IsInitOnly || !CodeOrigin.IsUserType(owner))
            return false;
        if (field.IsPublic)
            return true;
        if (!_written.TryGetValue(owner, out HashSet<int>? written))
            _written[owner] = written = [.. CodeOf(owner).SelectMany(WrittenBy)];
        return written.Contains(field.MetadataToken);
    }

    /// <summary>The methods of a class and of the classes in it, such as those of its lambdas.</summary>
    private static IEnumerable<MethodInfo> CodeOf(Type type) =>
        type.GetMethods(Methods).Concat(type.GetNestedTypes(Methods).SelectMany(CodeOf));

    private static IEnumerable<int> WrittenBy(MethodInfo method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } body)
            yield break;
        Type[]? ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        foreach (IlInstruction instruction in IlReader.Read(body))
        {
            if (instruction.OpCode != OpCodes.Stfld && instruction.OpCode != OpCodes.Ldflda)
                continue;
            int token = BitConverter.ToInt32(body, instruction.Operand);
            if (FindField(method.Module, token, ofType, ofMethod) is { } field && field.Module == method.Module)
                yield return field.MetadataToken;
        }
    }

    private static FieldInfo? FindField(Module module, int token, Type[]? ofType, Type[]? ofMethod)
    {
        try
        {
            return module.ResolveField(token, ofType, ofMethod);
        }
        catch (Exception fault) when (fault is FileNotFoundException or FileLoadException or TypeLoadException or BadImageFormatException)
        {
            return null; // of a class in a library that is not there: code that never runs here, and no field of this class
        }
    }
}
