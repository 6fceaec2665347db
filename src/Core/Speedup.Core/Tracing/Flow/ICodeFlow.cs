using System.Reflection;

namespace Speedup.Core.Tracing.Flow;

/// <summary>What the walk through one method body asks of all the code that is known: other methods, fields, delegates.</summary>
internal interface ICodeFlow
{
    /// <summary>The code that is looked into.</summary>
    UserCode User { get; }

    /// <summary>A method as it is called with certain arguments; null where it has no body that can be read.</summary>
    MethodFlow? ForCall(MethodBase method, IReadOnlyList<FlowValue> arguments);

    /// <summary>A field.</summary>
    FlowVariable Field(FieldInfo field);

    /// <summary>What is in objects of a class of user code, whoever made them.</summary>
    FlowNode ContentOf(Type type);

    /// <summary>A virtual method, whatever it runs.</summary>
    FlowSignature Virtual(MethodInfo method);

    /// <summary>All delegates of a type: what they are given, without an instance, and what they return.</summary>
    FlowSignature Delegates(Type type);

    /// <summary>An argument of the <c>forward</c> of some module.</summary>
    FlowVariable ModuleArgument(int position, Type type);

    /// <summary>Notes that code makes a delegate of a method.</summary>
    /// <param name="type">Type of the delegate.</param>
    /// <param name="method">The method.</param>
    /// <param name="target">The instance that it runs on, where one is bound.</param>
    MethodFlow? LinkDelegate(Type type, MethodInfo method, FlowValue? target);

    /// <summary>The methods of an iterator that the compiler made, which whoever goes through it calls.</summary>
    IEnumerable<MethodFlow> PiecesOf(Type iterator);
}
