using System.Reflection;
using System.Reflection.Emit;
using Speedup.Core.Graph;
using Speedup.Core.Tracing.Flow;

namespace Speedup.Core.Tracing;

/// <summary>What a body that is re-emitted calls in place of what it called.</summary>
internal interface IRedirections
{
    /// <summary>What re-emitted code calls to tell where it is.</summary>
    NoteEmitter Notes { get; }

    /// <summary>The conditions of re-emitted code.</summary>
    NumberedItems<TracedCondition> Conditions { get; }

    /// <summary>The calls of functions in re-emitted code that are given numbers.</summary>
    NumberedItems<FlowCall> Calls { get; }

    /// <summary>What a call goes to instead; null where it stays as it is.</summary>
    /// <param name="target">The method called.</param>
    /// <param name="code">How it is called.</param>
    /// <param name="constrained">The type that a call through a type parameter is made on.</param>
    /// <param name="callee">The method as it is called here, where that is known.</param>
    DynamicMethod? Redirect(MethodInfo target, OpCode code, Type? constrained, MethodFlow? callee = null);

    /// <summary>What the construction of an object, or the call of a base constructor, goes to instead; null where it stays as it is.</summary>
    /// <param name="constructor">The constructor.</param>
    /// <param name="code">How it is called.</param>
    /// <param name="callee">The constructor as it is called here, where that is known.</param>
    DynamicMethod? RedirectConstructor(ConstructorInfo constructor, OpCode code, MethodFlow? callee = null);

    /// <summary>What stands in for a delegate's constructor.</summary>
    DynamicMethod DelegateConstructor(Type delegateType);

    /// <summary>The id under which re-emitted code names a method.</summary>
    int IdOf(MethodInfo method);
}
