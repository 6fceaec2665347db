using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>
/// Which types lead to a module, tensor or delegate, decided once for each. Nothing is left out that could be reached: a type leads nowhere only if
/// all that its objects are declared to hold are types that nobody can derive from (structures, sealed classes, arrays of these) and that lead nowhere
/// themselves.
/// </summary>
internal sealed class LeadingTypes
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private readonly Dictionary<Type, bool> _known = [];
    private readonly Dictionary<Type, FieldInfo[]> _fields = [];

    /// <summary>Whether an object of exactly that type is one of those, or leads to one.</summary>
    public bool Leads(Type type)
    {
        if (_known.TryGetValue(type, out bool known))
            return known;
        var seen = new HashSet<Type>();
        var pending = new Stack<Type>([type]);
        while (pending.TryPop(out Type? next))
        {
            if (!seen.Add(next))
                continue;
            if (IsGoal(next) || (_known.TryGetValue(next, out known) && known) || ContentOf(next).Any(held => !IsFinal(held)))
                return _known[type] = true;
            foreach (Type held in ContentOf(next))
                pending.Push(held);
        }
        foreach (Type without in seen)
            _known[without] = false; // all that they reach was looked at
        return false;
    }

    /// <summary>The fields of an object of exactly that type that may lead on; a model has many modules of few types.</summary>
    public FieldInfo[] FieldsOf(Type owner)
    {
        if (!_fields.TryGetValue(owner, out FieldInfo[]? known))
            _fields[owner] = known = [.. AllFields(owner).Where(field => !IsFinal(field.FieldType) || Leads(field.FieldType))];
        return known;
    }

    /// <summary>Whether the fields of objects of a type are looked at: modules, user objects, and what the platform holds such objects in.</summary>
    public static bool IsOpen(Type type) => typeof(nn.Module).IsAssignableFrom(type) || CodeOrigin.IsUserType(type) || IsContainer(type);

    private static bool IsGoal(Type type) =>
        typeof(Tensor).IsAssignableFrom(type)
        || typeof(nn.Module).IsAssignableFrom(type)
        || typeof(Delegate).IsAssignableFrom(type)
        || type == typeof(object);

    /// <summary>Whether what is declared as a type is of that type: nobody can derive from it.</summary>
    private static bool IsFinal(Type type) => type.IsValueType || type.IsPointer || type.IsSealed;

    /// <summary>What objects of a type are declared to hold, as far as a walk looks.</summary>
    private static IEnumerable<Type> ContentOf(Type type)
    {
        IEnumerable<Type> fields = !type.IsArray && IsOpen(type) ? AllFields(type).Select(field => field.FieldType) : [];
        return (CollectionPlaces.FindHeld(type) is { } held ? fields.Append(held) : fields).Where(IsObject);
    }

    private static IEnumerable<FieldInfo> AllFields(Type owner)
    {
        for (Type? type = owner; type is not null && type != typeof(object); type = type.BaseType)
            foreach (FieldInfo field in type.GetFields(OwnFields))
                if (IsObject(field.FieldType))
                    yield return field;
    }

    private static bool IsObject(Type type) =>
        !type.IsPrimitive && !type.IsEnum && !type.IsPointer && !type.IsByRefLike && type != typeof(string);

    /// <summary>
    /// Whether objects of a type of the platform hold objects of the types that it is made for: a tuple, queue, lazy value or immutable list.
    /// </summary>
    private static bool IsContainer(Type type) => type.IsGenericType && type.GetGenericArguments().Any(MayHold);

    private static bool MayHold(Type type) => TensorTypes.CanCarry(type) || CodeOrigin.IsUserType(type) || IsContainer(type);
}
