using System.Reflection;

namespace Speedup.Abstractions;

/// <summary>Names all overloads of a function that can be called in a <c>forward</c>.</summary>
/// <param name="DeclaringType">For example <c>typeof(torch)</c>, <c>typeof(torch.Tensor)</c> or <c>typeof(torch.nn.functional)</c>.</param>
/// <param name="Name">CLR name, for example <c>relu</c> or <c>op_Addition</c>.</param>
public readonly record struct FunctionKey(Type DeclaringType, string Name)
{
    /// <summary>The key of a method.</summary>
    public static FunctionKey Of(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return new FunctionKey(method.DeclaringType!, method.Name);
    }

    /// <summary>The public methods that it names; none where it is misspelt, or names what this TorchSharp does not have.</summary>
    public IEnumerable<MethodInfo> FindMethods()
    {
        string name = Name;
        return DeclaringType.GetMethods().Where(method => method.Name == name);
    }

    /// <summary>Full CLR name, such as <c>TorchSharp.torch+Tensor.relu</c>.</summary>
    public override string ToString() => $"{DeclaringType.FullName}.{Name}";
}
